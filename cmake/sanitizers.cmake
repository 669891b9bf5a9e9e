# One interface target carries the sanitizer flags to every target that is ours.
add_library(pipeline_sanitizers INTERFACE)
if(PIPELINE_SANITIZE)
  target_compile_options(pipeline_sanitizers INTERFACE -fsanitize=${PIPELINE_SANITIZE} -fno-omit-frame-pointer
                                                       -fno-sanitize-recover=all)
  target_link_options(pipeline_sanitizers INTERFACE -fsanitize=${PIPELINE_SANITIZE})
endif()
