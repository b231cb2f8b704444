# SPDX-License-Identifier: Apache-2.0
# keytidy_library(folder DEPENDS a b c [LINKS third-party...]
#                 [PUBLIC_LINKS third-party...])
#
# One static library per folder of src, named keytidy_<folder>, made of every
# .cc in it. Headers of what is in LINKS are seen by that folder alone.
function(keytidy_library folder)
  cmake_parse_arguments(ARG "" "" "DEPENDS;LINKS;PUBLIC_LINKS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.cc)
  add_library(keytidy_${folder} STATIC ${sources})
  target_link_libraries(keytidy_${folder} PUBLIC keytidy_options)
  foreach(dep ${ARG_DEPENDS})
    target_link_libraries(keytidy_${folder} PUBLIC keytidy_${dep})
  endforeach()
  target_link_libraries(keytidy_${folder} PUBLIC ${ARG_PUBLIC_LINKS}
    PRIVATE ${ARG_LINKS})
endfunction()
