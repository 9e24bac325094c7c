----
error[no-model]: there is no model in lookml/
      = a model is a file NAME.model.lkml that includes views and declares explores
