# kura_embed_web(TARGET): puts web/dist into TARGET, each file as it is and compressed by brotli and
# gzip at build time (cmake/embed.cc). The dependency file lists the folder and its files, so that a
# changed web/dist is embedded again; without one a page that says how to build it is embedded.
function(kura_embed_web target)
  add_executable(kura_embed ${CMAKE_SOURCE_DIR}/cmake/embed.cc)
  target_link_libraries(kura_embed PRIVATE PkgConfig::BROTLI ZLIB::ZLIB kura_warnings)
  set(out ${CMAKE_BINARY_DIR}/web_embedded)
  add_custom_command(
    OUTPUT ${out}/web_files.cc
    BYPRODUCTS ${out}/web_files.bin
    COMMAND kura_embed ${CMAKE_SOURCE_DIR}/web/dist ${out}
    DEPENDS kura_embed
    DEPFILE ${out}/web_files.d
    COMMENT "Embedding web/dist"
    VERBATIM)
  target_sources(${target} PRIVATE ${out}/web_files.cc)
  set_source_files_properties(${out}/web_files.cc PROPERTIES OBJECT_DEPENDS ${out}/web_files.bin)
endfunction()
