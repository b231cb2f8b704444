# SPDX-License-Identifier: Apache-2.0
# keytidy_embed_hooks(target)
#
# Puts the scripts of hooks/ into the program: writes cli/hook_scripts.h, which
# src/cli/hook_install.cc includes, and lets `target` find it.
function(keytidy_embed_hooks target)
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/generated)
  set(text "// Written by cmake/KeytidyHooks.cmake from hooks. Do not edit.\n")
  string(APPEND text "#pragma once\n\n#include <string_view>\n\n"
    "namespace keytidy::cli {\n")
  foreach(name pre-commit pre-push pre-receive)
    set(path ${PROJECT_SOURCE_DIR}/hooks/${name})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path})
    file(READ ${path} script)
    string(REGEX REPLACE "(^|-)p" "P" constant ${name})
    string(REGEX REPLACE "-c" "C" constant ${constant})
    string(REGEX REPLACE "-r" "R" constant ${constant})
    string(APPEND text "\ninline constexpr std::string_view k${constant}Script "
      "= R\"KEYTIDY(${script})KEYTIDY\";\n")
  endforeach()
  string(APPEND text "\n}  // namespace keytidy::cli\n")
  # Written only when it changes, so that nothing is compiled in vain.
  set(header ${generated}/cli/hook_scripts.h)
  set(before "")
  if(EXISTS ${header})
    file(READ ${header} before)
  endif()
  if(NOT before STREQUAL text)
    file(WRITE ${header} "${text}")
  endif()
  target_include_directories(${target} PRIVATE ${generated})
endfunction()
