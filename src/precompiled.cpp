// A target needs a source; what counts is the header it is compiled with (precompiled.h).
