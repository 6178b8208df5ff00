# Sets and exports JAVA_HOME to a JDK 25: the one named by JAVA_HOME, on the PATH, in the usual places, or fetched once into the
# user's cache. Sourced by ./mvnw, ./headroom and ./iris-api/serve, so that all three run on the same JDK.
# For now: those that are found on the machine.

headroom_jdk_is_25() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] && grep -q '^JAVA_VERSION="25[."]' "$1/release"
}

headroom_find_jdk() {
  if [ -n "${JAVA_HOME-}" ] && headroom_jdk_is_25 "$JAVA_HOME"; then return 0; fi
  headroom_javac=$(command -v javac || true)
  if [ -n "$headroom_javac" ]; then
    headroom_candidate=$(dirname "$(dirname "$(readlink -f "$headroom_javac")")")
    if headroom_jdk_is_25 "$headroom_candidate"; then JAVA_HOME=$headroom_candidate; export JAVA_HOME; return 0; fi
  fi
  for headroom_candidate in /usr/lib/jvm/* /opt/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home; do
    if headroom_jdk_is_25 "$headroom_candidate"; then JAVA_HOME=$headroom_candidate; export JAVA_HOME; return 0; fi
  done
  echo "headroom: no JDK 25 found in JAVA_HOME, on the PATH or in the usual places; install one or set JAVA_HOME" >&2
  return 1
}

headroom_find_jdk
