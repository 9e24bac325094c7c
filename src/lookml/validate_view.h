// lookml/validate_view.h: the checks of one view's fields.
#pragma once
#include "lookml/model.h"
#include "lookml/references.h"
#include "sql/catalogue.h"

namespace kura::lookml {

/// Checks every reference of a view, and what kinds of fields refer to each other.
void ValidateView(const View& view, References& references);

/// Reports fields that refer to themselves in a circle, once for each circle.
void ValidateCycles(References& references);

/// Checks ${TABLE}.column of a view on a plain table that `catalogue` knows.
void ValidateColumns(const View& view, const sql::Catalogue& catalogue, References& references);

}  // namespace kura::lookml
