# SPDX-License-Identifier: Apache-2.0
# keytidy_embed_schema(target)
#
# Puts src/inventory/schema/*.sql into the program, in order of their names:
# writes inventory/schema_text.h, which src/inventory/migrations.cc includes,
# and lets `target` find it.
function(keytidy_embed_schema target)
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/generated)
  file(GLOB scripts CONFIGURE_DEPENDS
    ${PROJECT_SOURCE_DIR}/src/inventory/schema/*.sql)
  list(SORT scripts)
  list(LENGTH scripts count)
  set(text "// Written by cmake/KeytidySchema.cmake. Do not edit.\n")
  string(APPEND text "#pragma once\n\n#include <array>\n#include "
    "<string_view>\n\nnamespace keytidy::inventory {\n\n"
    "inline constexpr std::array<std::string_view, ${count}> kSchemaTexts = {\n")
  set(number 0)
  foreach(path ${scripts})
    # 001_..., 002_...: a gap would give every later script a wrong version.
    math(EXPR number "${number} + 1")
    get_filename_component(name ${path} NAME)
    string(SUBSTRING "00${number}" 0 3 wanted)
    if(number GREATER 9)
      string(SUBSTRING "0${number}" 0 3 wanted)
    endif()
    if(NOT name MATCHES "^${wanted}_[a-z0-9_]+[.]sql$")
      message(FATAL_ERROR "${path}: its name must begin with ${wanted}_")
    endif()
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path})
    file(READ ${path} script)
    string(APPEND text "R\"KEYTIDY(${script})KEYTIDY\",\n")
  endforeach()
  string(APPEND text "};\n\n}  // namespace keytidy::inventory\n")
  # Written only when it changes, so that nothing is compiled in vain.
  set(header ${generated}/inventory/schema_text.h)
  set(before "")
  if(EXISTS ${header})
    file(READ ${header} before)
  endif()
  if(NOT before STREQUAL text)
    file(WRITE ${header} "${text}")
  endif()
  target_include_directories(${target} PRIVATE ${generated})
endfunction()
