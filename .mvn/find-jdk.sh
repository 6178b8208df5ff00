# Sets and exports JAVA_HOME to a JDK 25: the one JAVA_HOME names, one on the PATH, one in the usual places, or else Eclipse Temurin,
# fetched once into the user's cache by pinned address and checksum. Sourced by ./mvnw, ./headroom and ./iris-api/serve, so that all
# run on the same JDK; where none can be had it says why and ends the script with exit code 4. POSIX shell.
#
#   HEADROOM_JDK_MIRROR  base address to fetch from in place of https://github.com/adoptium/temurin25-binaries/releases/download
#   HEADROOM_JDK_SHA256  checksum of the mirror's archive where it is not the pinned one
#   HEADROOM_JDK_SEARCH  "no" looks at JAVA_HOME and the cache only
#   headroom_built_by    of the script that sources this: the JDK that it was built with; it comes before those on the PATH

# Checksums as published with the release, the Linux ones also in Eclipse's own container build files.
headroom_jdk_pins() {
  headroom_jdk_release='jdk-25.0.4+7'
  case "$1" in
    linux-x86_64) echo 'x64_linux e58fcdcd637b25c03ca84cbbcefc70d11efb8f4b4cbd05decc9f661769d77f94' ;;
    linux-aarch64) echo 'aarch64_linux 621f7196f0b682fb557da58bec89bd7dfe5419811fe1c0ba75c9cc8432f084c7' ;;
    musl-x86_64) echo 'x64_alpine-linux c6f3e9f975c130169283363bf0ef2fc55f45c36eacc909141ffa7189cd7bdcb7' ;;
    musl-aarch64) echo 'aarch64_alpine-linux 3d1c5c7877e320c2cff8154cfca9af948089912b6efc6123bb21726b7055bc62' ;;
    darwin-x86_64) echo 'x64_mac a5ac9c46dad47ac06df35e36d096913195d8da1f3f71918828bcc2cfe33869b7' ;;
    darwin-arm64) echo 'aarch64_mac 5a101c54abf5a9f16c0f70d8c38ba99e6567c1ba213378f0bb04497284f051bd' ;;
    *) return 1 ;;
  esac
}

headroom_jdk_is_25() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  while IFS= read -r headroom_line; do
    case "$headroom_line" in 'JAVA_VERSION="25"' | 'JAVA_VERSION="25.'*) return 0 ;; esac
  done <"$1/release"
  return 1
}

# What is already built is started by the JDK that built it: it exists, its start-up cache fits, and to look further takes a tenth of a start.
headroom_jdk_from_build() {
  headroom_candidate=${headroom_built_by-}
  [ -n "$headroom_candidate" ] && headroom_jdk_is_25 "$headroom_candidate"
}

headroom_jdk_from_path() {
  headroom_javac=$(command -v javac) || return 1
  headroom_candidate=$(dirname "$(dirname "$(readlink -f "$headroom_javac")")")
  headroom_jdk_is_25 "$headroom_candidate"
}

headroom_jdk_from_usual_places() {
  for headroom_candidate in /usr/lib/jvm/* /usr/java/* /opt/* "${HOME:-/nonexistent}"/.sdkman/candidates/java/* \
    "${HOME:-/nonexistent}"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME:-/nonexistent}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home; do
    headroom_jdk_is_25 "$headroom_candidate" && return 0
  done
  return 1
}

headroom_jdk_platform() {
  case "$(uname -s)" in
    Linux) if [ -e /lib/ld-musl-x86_64.so.1 ] || [ -e /lib/ld-musl-aarch64.so.1 ]; then echo "musl-$(uname -m)"; else echo "linux-$(uname -m)"; fi ;;
    Darwin) echo "darwin-$(uname -m)" ;;
    *) uname -s ;;
  esac
}

headroom_jdk_sha256() {
  if command -v sha256sum >/dev/null 2>&1; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

headroom_jdk_download() { # ADDRESS FILE
  if command -v curl >/dev/null 2>&1; then
    curl -fsSL --retry 2 -o "$2" "$1"
  elif command -v wget >/dev/null 2>&1; then
    wget -q -O "$2" "$1"
  else
    echo "headroom: neither curl nor wget is there to fetch a JDK with; install a JDK 25 or set JAVA_HOME" >&2
    return 1
  fi
}

headroom_jdk_fetch() {
  headroom_platform=$(headroom_jdk_platform)
  headroom_jdk_release='jdk-25.0.4+7'
  headroom_pin=$(headroom_jdk_pins "$headroom_platform") || {
    echo "headroom: no JDK 25 found, and none is pinned for $headroom_platform; install one or set JAVA_HOME" >&2
    return 1
  }
  headroom_cache=${XDG_CACHE_HOME:-${HOME:?headroom: HOME is not set, so there is no cache to fetch a JDK into; set JAVA_HOME}/.cache}/headroom
  headroom_target=$headroom_cache/$headroom_jdk_release-$headroom_platform
  for headroom_candidate in "$headroom_target" "$headroom_target/Contents/Home"; do
    headroom_jdk_is_25 "$headroom_candidate" && return 0
  done
  headroom_file=OpenJDK25U-jdk_${headroom_pin%% *}_hotspot_25.0.4_7.tar.gz
  headroom_address=${HEADROOM_JDK_MIRROR:-https://github.com/adoptium/temurin25-binaries/releases/download}/jdk-25.0.4%2B7/$headroom_file
  headroom_wanted=${HEADROOM_JDK_SHA256:-${headroom_pin#* }}
  echo "headroom: no JDK 25 on this machine; fetching Eclipse Temurin 25.0.4+7 (140 MB, once) from $headroom_address" >&2
  mkdir -p "$headroom_cache" && headroom_work=$(mktemp -d "$headroom_cache/fetch.XXXXXX") || {
    echo "headroom: can't write to the cache $headroom_cache; set XDG_CACHE_HOME or JAVA_HOME" >&2
    return 1
  }
  trap 'rm -rf "$headroom_work"' EXIT
  trap 'rm -rf "$headroom_work"; exit 130' INT
  trap 'rm -rf "$headroom_work"; exit 143' TERM
  headroom_fetched=no
  if ! headroom_jdk_download "$headroom_address" "$headroom_work/jdk.tar.gz"; then
    echo "headroom: could not fetch $headroom_address; install a JDK 25, set JAVA_HOME, or name a mirror in HEADROOM_JDK_MIRROR" >&2
  else
    headroom_found=$(headroom_jdk_sha256 "$headroom_work/jdk.tar.gz")
    if [ "$headroom_found" != "$headroom_wanted" ]; then
      echo "headroom: $headroom_address has SHA-256 $headroom_found, expected $headroom_wanted; it is not used" >&2
    elif mkdir "$headroom_work/jdk" && tar -xzf "$headroom_work/jdk.tar.gz" -C "$headroom_work/jdk" --strip-components 1; then
      # Whoever was faster wins: a second copy is the same bytes.
      [ -e "$headroom_target" ] || mv "$headroom_work/jdk" "$headroom_target"
      headroom_fetched=yes
    else
      echo "headroom: could not unpack $headroom_file into $headroom_cache" >&2
    fi
  fi
  rm -rf "$headroom_work"
  trap - EXIT INT TERM
  [ "$headroom_fetched" = yes ] || return 1
  for headroom_candidate in "$headroom_target" "$headroom_target/Contents/Home"; do
    headroom_jdk_is_25 "$headroom_candidate" && return 0
  done
  echo "headroom: what was fetched from $headroom_address is no JDK 25" >&2
  return 1
}

headroom_find_jdk() {
  if [ -n "${JAVA_HOME-}" ] && headroom_jdk_is_25 "$JAVA_HOME"; then return 0; fi
  if [ "${HEADROOM_JDK_SEARCH-}" != no ] && { headroom_jdk_from_build || headroom_jdk_from_path || headroom_jdk_from_usual_places; }; then
    JAVA_HOME=$headroom_candidate
  elif headroom_jdk_fetch; then
    JAVA_HOME=$headroom_candidate
  else
    return 1
  fi
  export JAVA_HOME
}

# Not left to the caller: a shell with errexit may end inside a sourced file whatever stands behind it.
headroom_find_jdk || exit 4
