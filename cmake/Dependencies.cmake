# Everything that the programs link comes from Debian 12; scripts/lib/packages.sh names the packages.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tl-expected REQUIRED)
pkg_check_modules(tomlplusplus REQUIRED IMPORTED_TARGET tomlplusplus)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(mariadb REQUIRED IMPORTED_TARGET libmariadb>=3.2)

find_path(FCGI_INCLUDE_DIR fcgiapp.h REQUIRED)
find_library(FCGI_LIBRARY fcgi REQUIRED)
add_library(fcgi INTERFACE IMPORTED)
target_include_directories(fcgi SYSTEM INTERFACE ${FCGI_INCLUDE_DIR})
target_link_libraries(fcgi INTERFACE ${FCGI_LIBRARY})

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # The cache stays inside the repository, so that a clone leaves nothing behind. The two
  # "sloppiness" words are what ccache asks for to serve precompiled headers.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_DIR=${CMAKE_SOURCE_DIR}/build/.ccache
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
endif()
