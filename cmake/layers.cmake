# pipeline_layer(<layer> [SOURCES...] [USES layers...] [LIBRARIES...]) makes the target pipeline_<layer> of a folder of src/.
# It sees its own headers and those of the layers it uses, and links what stands below it: an include of any other
# layer does not build. For that each layer's folder of include/ is shown under a root of its own.
function(pipeline_layer layer)
  cmake_parse_arguments(arg "" "" "SOURCES;USES;LIBRARIES" ${ARGN})
  set(target pipeline_${layer})
  set(root ${PROJECT_BINARY_DIR}/layers/${layer})
  file(MAKE_DIRECTORY ${root}/pipeline)
  file(CREATE_LINK ${PROJECT_SOURCE_DIR}/include/pipeline/${layer} ${root}/pipeline/${layer} SYMBOLIC)
  list(TRANSFORM arg_USES PREPEND pipeline_)
  if(NOT arg_SOURCES) # an interface, no more
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE ${root})
    target_link_libraries(${target} INTERFACE ${arg_USES})
    return()
  endif()
  add_library(${target} STATIC ${arg_SOURCES})
  target_include_directories(${target} PUBLIC ${root})
  target_link_libraries(
    ${target}
    PUBLIC ${arg_USES}
    PRIVATE pipeline_warnings ${arg_LIBRARIES})
  use_precompiled(${target})
endfunction()
