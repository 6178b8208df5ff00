# What the scripts that make images have in common; sourced. Each makes a root folder and lets delivery pack it, without a container engine:
#
#   OUT.tar                                            a tarball, as docker load and ctr images import take it
#   --push NAME[:TAG] [--user USER --password-stdin]   to a registry, as an OCI image
#   --root DIR                                         its root folder, as a Dockerfile takes it; with --push also to a registry
#
# Wants $home and $JAVA_HOME; gives $push, $root, $tar, $user, $work and $made.

usage() {
  echo "usage: ${0##*/} OUT.tar | --push NAME [--user USER --password-stdin] [--root DIR] | --root DIR" >&2
  exit 2
}

fail() {
  echo "image: $1" >&2
  exit 4
}

image_arguments() {
  push='' root='' tar='' user=''
  while [ $# -gt 0 ]; do
    case $1 in
      --push) [ $# -ge 2 ] || usage; push=$2; shift ;;
      --root) [ $# -ge 2 ] || usage; root=$2; shift ;;
      --user) [ $# -ge 2 ] || usage; user=$2; shift ;;
      --password-stdin) ;;
      -*) usage ;;
      *) [ -z "$tar" ] || usage; tar=$1 ;;
    esac
    shift
  done
  case "${push:+p}${root:+r}${tar:+t}" in p | r | pr | t) ;; *) usage ;; esac
  case $root in '' | /*) ;; *) root=$PWD/$root ;; esac
  case $tar in '' | /*) ;; *) tar=$PWD/$tar ;; esac
}

build_modules() { # MODULE, which is packaged where HEADROOM_BUILD doesn't forbid it
  [ "${HEADROOM_BUILD-}" != no ] || return 0
  # A root folder alone needs nobody who packs it.
  if [ -n "$push$tar" ]; then modules=$1,delivery; else modules=$1; fi
  "$home/mvnw" -q -B -f "$home/pom.xml" -Dheadroom.unchecked -Dmaven.test.skip=true -Djacoco.skip=true -Dspotless.check.skip=true \
    -Denforcer.skip=true -pl "$modules" -am package >&2 </dev/null || fail 'the build failed'
}

begin_root() {
  work=$(mktemp -d "${TMPDIR:-/tmp}/headroom-image.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  made=$work/root
  umask 022
  mkdir -p "$made/app" "$made/etc" "$made/tmp"
  printf 'nonroot:x:65532:65532:nonroot:/tmp:/sbin/nologin\n' >"$made/etc/passwd"
  printf 'nonroot:x:65532:\n' >"$made/etc/group"
}

make_runtime() { # MODULES
  "$JAVA_HOME/bin/jlink" --add-modules "$1" --strip-debug --no-header-files --no-man-pages --compress zip-0 --output "$made/java" >&2 ||
    fail 'jlink failed'
  rm -f "$made/java/bin/keytool" "$made/java/lib/jexec"
}

# For every program and library in the root what the loader finds for it, each at the path where it is found.
copy_libraries() { # [FOLDER of more libraries]
  find "$made" "$@" -type f \( -name '*.so' -o -perm -u+x \) | while read -r file; do ldd "$file" 2>/dev/null || :; done |
    sed -n 's/^[^/]*\(\/[^ ]*\) (0x.*/\1/p' | grep -v "^$made" | LC_ALL=C sort -u >"$work/libraries"
  [ -s "$work/libraries" ] || fail 'ldd tells no library of the runtime; the image can only be made on Linux with glibc'
  while read -r library; do
    mkdir -p "$made/${library%/*}"
    cp -L "$library" "$made/$library"
  done <"$work/libraries"
  library_folders=$(sed 's,^/\([^/]*\)/.*,\1,' "$work/libraries" | LC_ALL=C sort -u | tr '\n' ' ')
}

# All times the same: the image's files have that time, and a start-up cache remembers its jar's.
same_time() {
  find "$made" -exec touch -h -d @1 {} +
}

finish_image() { # NAME in a tarball
  if [ -n "$root" ]; then
    mkdir -p "$root"
    cp -a "$made/." "$root/"
    [ -n "$push" ] || exit 0
  fi
  case $(uname -m) in
    x86_64) architecture=amd64 ;;
    aarch64) architecture=arm64 ;;
    *) fail "no image for $(uname -m)" ;;
  esac
  if [ -n "$push" ]; then set -- push "$push" ${user:+"$user"}; else set -- tar "$tar" "$1"; fi
  "$JAVA_HOME/bin/java" -XX:TieredStopAtLevel=1 --sun-misc-unsafe-memory-access=allow -cp "$home/delivery/target/program/*" \
    dev.headroom.delivery.PackImage "$made" "$architecture" "$@"
}
