#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace pipeline::media::made {

struct Rgb {
  int red = 0;
  int green = 0;
  int blue = 0;
};

// A JPEG decoded by libjpeg, which has nothing in common with libav.
class JpegPicture {
 public:
  explicit JpegPicture(const std::string& jpeg);  // throws std::runtime_error with libjpeg's message, warnings too

  [[nodiscard]] int width() const noexcept { return width_; }
  [[nodiscard]] int height() const noexcept { return height_; }
  // The colour at a place given in parts of the width and the height.
  [[nodiscard]] Rgb at(double x, double y) const;

 private:
  int width_ = 0;
  int height_ = 0;
  std::vector<std::uint8_t> rgb_;
};

[[nodiscard]] inline bool is_red(const Rgb& colour) {
  return colour.red > 180 && colour.green < 80 && colour.blue < 80;
}

}  // namespace pipeline::media::made
