# What a file costs the compiler is its headers' templates, over and over. PIPELINE_UNITY lets it see some files of a target
# as one. So a name in an unnamed namespace stands for one thing in a layer, and a missing include may go unseen: the
# presets without it compile each file alone.
if(PIPELINE_UNITY)
  set(CMAKE_UNITY_BUILD ON)
  set(CMAKE_UNITY_BUILD_BATCH_SIZE 8)
endif()
