# Read by llama-cpp-python's build (CMAKE_PROJECT_INCLUDE): compiles what Hearth uses, in a third of the time.
# Chosen by tools/setup; vision models need LLAVA_BUILD, which needs common: then this file is left out.

# A normal variable wins over the package's cached ON; nothing of "common" is installed with text-only builds.
set(LLAMA_BUILD_COMMON OFF)

# Many small sources of one target compiled together. Only `llama`: ggml-cpu does not survive it.
function(hearth_unity_build)
  if(TARGET llama)
    set_target_properties(llama PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 24)
  endif()
endfunction()
if(NOT HEARTH_UNITY_DEFERRED)
  set(HEARTH_UNITY_DEFERRED ON)
  cmake_language(DEFER DIRECTORY ${CMAKE_SOURCE_DIR} CALL hearth_unity_build)
endif()
