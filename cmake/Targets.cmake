# How every target of this project is compiled, and the functions that declare one.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_library(livechat_options INTERFACE)
target_compile_options(livechat_options INTERFACE -Wall -Wextra -Wpedantic -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these where there is nothing (GCC bugs 105329, 105562, 104475).
  target_compile_options(livechat_options INTERFACE -Wno-restrict -Wno-maybe-uninitialized
                         -Wno-dangling-pointer)
  # ccache needs this to share a precompiled header between clean builds.
  target_compile_options(livechat_options INTERFACE -fpch-preprocess)
endif()
if(LIVECHAT_SANITIZE)
  add_compile_options(-fsanitize=${LIVECHAT_SANITIZE} -fno-omit-frame-pointer
                      -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${LIVECHAT_SANITIZE})
endif()

if(LIVECHAT_SANITIZE MATCHES thread)
  # TSan of g++ does not know the fences that asio puts around handlers, beside the locks it has anyway.
  add_compile_definitions(ASIO_DISABLE_FENCED_BLOCK)
endif()
if(LIVECHAT_FUZZ)
  # What the libraries do has to be seen by the fuzzer: its inputs grow by the branches they reach.
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# livechat_library(NAME DIRECTORY LIBRARIES...)
# One static library out of all *.cpp of the current folder. Includes are written from the folder
# that holds it ("engineio/packet.hpp", "db/connection.hpp").
function(livechat_library name)
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  if(sources)
    add_library(${name} STATIC ${sources})
    target_include_directories(${name} PUBLIC ..)
    target_link_libraries(${name} PUBLIC ${ARGN} PRIVATE livechat_options)
  else()
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE ..)
    target_link_libraries(${name} INTERFACE ${ARGN})
  endif()
endfunction()

# livechat_program(NAME LIBRARIES...): main.cpp of the current folder.
function(livechat_program name)
  add_executable(${name} main.cpp)
  target_link_libraries(${name} PRIVATE ${ARGN} livechat_options)
  target_compile_definitions(${name} PRIVATE LIVECHAT_VERSION="${PROJECT_VERSION}")
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
endfunction()
