# SPDX-License-Identifier: Apache-2.0
# Warnings, hardening and sanitizers, on one INTERFACE target that every
# library of ours links.
add_library(keytidy_options INTERFACE)
target_compile_options(keytidy_options INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast
  -Wimplicit-fallthrough -ffile-prefix-map=${PROJECT_SOURCE_DIR}=.)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC bug 105651: false alarms about std::string in optimised builds.
  target_compile_options(keytidy_options INTERFACE -Wno-restrict)
endif()
if(KEYTIDY_DEV)
  target_compile_options(keytidy_options INTERFACE -Werror)
endif()
target_include_directories(keytidy_options INTERFACE ${PROJECT_SOURCE_DIR}/src)

if(KEYTIDY_SANITIZE)
  if(NOT KEYTIDY_SANITIZE MATCHES "^(address|undefined|thread)(,(address|undefined))*$")
    message(FATAL_ERROR "KEYTIDY_SANITIZE must be address, undefined or thread")
  endif()
  add_compile_options(-fsanitize=${KEYTIDY_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all -g -O1)
  add_link_options(-fsanitize=${KEYTIDY_SANITIZE})
else()
  target_compile_options(keytidy_options INTERFACE -fstack-protector-strong)
  target_compile_definitions(keytidy_options INTERFACE
    $<$<CONFIG:Release>:_FORTIFY_SOURCE=2>)
  target_link_options(keytidy_options INTERFACE -Wl,-z,relro,-z,now)
endif()
