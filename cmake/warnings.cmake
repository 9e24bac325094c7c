# Warnings are errors on both compilers; sanitizers and fuzzing by cache variables (see presets).
add_library(kura_warnings INTERFACE)
target_compile_options(kura_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                                               -Werror)
# GCC 12 sees overlapping copies in "text" + std::string at -O2 (its bug 105651).
target_compile_options(kura_warnings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
set(KURA_SANITIZE "" CACHE STRING "comma separated sanitizers, e.g. address,undefined")
if(KURA_SANITIZE)
  add_compile_options(-fsanitize=${KURA_SANITIZE} -fno-omit-frame-pointer
                      -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${KURA_SANITIZE})
endif()
option(KURA_FUZZ "build tests/fuzz with libFuzzer (clang)" OFF)
