# What the scripts share: the packages, the build. Sourced, not run.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"

# Everything the build, the tests and the demo need, as Debian 12 and 13 and Ubuntu 24.04 name it; with ? where not each of
# them has it (libheif's codecs are packages of their own in Debian 13).
packages=(
  g++ cmake ninja-build pkg-config gettext
  libcurl4-openssl-dev libssl-dev libcrypt-dev libsqlite3-dev libpq-dev nlohmann-json3-dev libsimdjson-dev
  libspdlog-dev libfmt-dev libcli11-dev libtomlplusplus-dev libutf8proc-dev libxxhash-dev
  libavformat-dev libavcodec-dev libavutil-dev libswscale-dev libjpeg-dev libpng-dev libwebp-dev libgif-dev
  libheif-dev ?libheif-plugin-libde265 ?libheif-plugin-dav1d liblcms2-dev
  libexiv2-dev
  libzip-dev libzstd-dev libexpat1-dev libdeflate-dev libcmark-gfm-dev libcmark-gfm-extensions-dev libyaml-dev libgumbo-dev
  libgtest-dev libgmock-dev libbenchmark-dev libcpp-httplib-dev zlib1g-dev
  ca-certificates curl sqlite3 python3 ffmpeg unzip zstd
)

# What the tests judge the packages by: other readers of zips, pictures, metadata and pages; and the manual and the completions
# by who reads those.
judges=(
  libheif-examples ?libheif-plugin-x265 ?libheif-plugin-aomenc libimage-exiftool-perl libarchive-tools file tidy python3-html5lib python3-jsonschema
  mandoc zsh fish systemd
  postgresql
)

# What the sanitizers and fuzzing need beside the build: clang, and its run-time library, which bears clang's version (14 on
# Debian 12, 18 on Ubuntu 24.04, 19 on Debian 13).
sanitizer_packages() {
  local version
  version=$(apt-cache depends clang 2>/dev/null | sed -nE 's/^ *Depends: clang-([0-9]+)$/\1/p' | head -1)
  echo clang "libclang-rt-${version:-14}-dev"
}

say() { printf '\033[1m== %s\033[0m\n' "$*"; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

is_installed() { dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

# Installs what is missing, and says what that is; does nothing when nothing is.
install_missing() {
  local missing=() package
  for package in "$@"; do
    [[ $package == \?* ]] || is_installed "$package" || missing+=("$package")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    if ! command -v apt-get >/dev/null; then
      echo "These packages are missing, and there is no apt-get to install them: ${missing[*]}" >&2
      exit 1
    fi
    as_root apt-get update -qq
  fi
  for package in "$@"; do
    [[ $package == \?* ]] || continue
    package=${package#?}
    is_installed "$package" || [ -z "$(apt-cache show "$package" 2>/dev/null)" ] || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  say "installing with apt: ${missing[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# build PRESET [TARGET...]: configures once, then builds what changed. PIPELINE_WERROR=ON makes warnings errors where the
# preset does not.
build() {
  local preset=$1
  shift
  [ -f "build/$preset/build.ninja" ] ||
    cmake --preset "$preset" ${PIPELINE_WERROR:+"-DPIPELINE_WERROR=$PIPELINE_WERROR"} >/dev/null
  say "building ($preset)"
  cmake --build --preset "$preset" ${1:+--target "$@"} -- --quiet
}
