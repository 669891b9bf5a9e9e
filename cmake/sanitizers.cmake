# One interface target carries the sanitizer flags to every target that is ours.
add_library(pipeline_sanitizers INTERFACE)
if(PIPELINE_SANITIZE)
  target_compile_options(pipeline_sanitizers INTERFACE -fsanitize=${PIPELINE_SANITIZE} -fno-omit-frame-pointer
                                                       -fno-sanitize-recover=all)
  target_link_options(pipeline_sanitizers INTERFACE -fsanitize=${PIPELINE_SANITIZE})
endif()
if(PIPELINE_FUZZ)
  # Our code alone tells libFuzzer which ways it took; libraries of the distribution do not.
  target_compile_options(pipeline_sanitizers INTERFACE -fsanitize=fuzzer-no-link)
endif()
