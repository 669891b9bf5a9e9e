// See src/precompiled.cpp.
