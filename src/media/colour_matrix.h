#pragma once

struct AVFrame;

namespace pipeline::media {

// A JPEG file (JFIF) carries YCbCr by the weights of BT.601, HD video by those of BT.709 and UHD by those of BT.2020:
// left as they are, reds and greens come out wrong. Brings a full-range yuvj420p frame, converted from `source`, to the
// weights of a JPEG in place. swscale would go through RGB for it, at four times the cost of the scaling itself.
void to_jpeg_colours(AVFrame& picture, const AVFrame& source);

}  // namespace pipeline::media
