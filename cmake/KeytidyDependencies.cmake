# SPDX-License-Identifier: Apache-2.0
# Third-party libraries, all from Debian packages. docs/dependencies.md says
# why each is here; ci/check_layers.py says which folder may include which.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

# keytidy_find(TARGET MODULE "spec>=version" [static archives...])
#
# Checks the version with pkg-config and makes an interface target. With
# KEYTIDY_STATIC_DEPS the named archives are linked instead of the shared
# libraries: the dynamic loader is most of a short run's time.
function(keytidy_find target spec)
  string(MAKE_C_IDENTIFIER ${target} id)
  pkg_check_modules(KT_${id} REQUIRED IMPORTED_TARGET ${spec})
  add_library(${target} INTERFACE)
  if(NOT KEYTIDY_STATIC_DEPS)
    target_link_libraries(${target} INTERFACE PkgConfig::KT_${id})
    return()
  endif()
  target_include_directories(${target} SYSTEM INTERFACE ${KT_${id}_INCLUDE_DIRS})
  foreach(archive ${ARGN})
    find_library(KT_ARCHIVE_${archive} NAMES lib${archive}.a
      HINTS ${KT_${id}_LIBRARY_DIRS} REQUIRED)
    target_link_libraries(${target} INTERFACE ${KT_ARCHIVE_${archive}})
  endforeach()
endfunction()

# Debian's re2.pc carries no version; the first release with this interface is
# older than any supported system.
keytidy_find(dep_hyperscan "libhs>=5.4" hs)
keytidy_find(dep_re2 "re2" re2)
keytidy_find(dep_archive "libarchive>=3.6" archive nettle acl lzma zstd lz4 bz2 z)
keytidy_find(dep_crypto "libcrypto>=3.0" crypto)
keytidy_find(dep_deflate "libdeflate>=1.8" deflate)
keytidy_find(dep_zlib "zlib>=1.2" z)
keytidy_find(dep_sqlite "sqlite3>=3.37" sqlite3)
keytidy_find(dep_yaml "yaml-cpp>=0.7" yaml-cpp)
target_link_libraries(dep_re2 INTERFACE Threads::Threads)
target_link_libraries(dep_crypto INTERFACE Threads::Threads ${CMAKE_DL_LIBS})
target_link_libraries(dep_sqlite INTERFACE Threads::Threads ${CMAKE_DL_LIBS})

find_package(fmt 9.1 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(tl-expected 1.0 REQUIRED)
find_package(CLI11 2.1 REQUIRED)
# The package's own target wants its shared library; we use the headers alone.
find_package(tomlplusplus 3.3 REQUIRED)
find_path(KT_TOML_INCLUDE toml++/toml.h REQUIRED)
add_library(dep_toml INTERFACE)
target_include_directories(dep_toml SYSTEM INTERFACE ${KT_TOML_INCLUDE})
target_compile_definitions(dep_toml INTERFACE TOML_HEADER_ONLY=1
  TOML_EXCEPTIONS=0 TOML_ENABLE_FORMATTERS=0)

# libgit2 is loaded when it is first needed (src/git/libgit2.h), so only its
# headers and its soname are wanted here.
pkg_check_modules(KT_GIT2 REQUIRED "libgit2>=1.1")
string(REGEX MATCH "^[0-9]+[.][0-9]+" KT_GIT2_SERIES "${KT_GIT2_VERSION}")
add_library(dep_git2 INTERFACE)
target_include_directories(dep_git2 SYSTEM INTERFACE ${KT_GIT2_INCLUDE_DIRS})
target_compile_definitions(dep_git2 INTERFACE
  KEYTIDY_LIBGIT2_SONAME="libgit2.so.${KT_GIT2_SERIES}")
target_link_libraries(dep_git2 INTERFACE ${CMAKE_DL_LIBS})

# libcurl is loaded when a key is verified (src/verify/curl.h).
pkg_check_modules(KT_CURL REQUIRED "libcurl>=7.85")
add_library(dep_curl INTERFACE)
target_include_directories(dep_curl SYSTEM INTERFACE ${KT_CURL_INCLUDE_DIRS})
target_link_libraries(dep_curl INTERFACE ${CMAKE_DL_LIBS})

# libpq is loaded when an inventory on a server is opened (src/inventory/libpq.h).
pkg_check_modules(KT_PQ REQUIRED "libpq>=14")
add_library(dep_pq INTERFACE)
target_include_directories(dep_pq SYSTEM INTERFACE ${KT_PQ_INCLUDE_DIRS})
target_link_libraries(dep_pq INTERFACE ${CMAKE_DL_LIBS})
