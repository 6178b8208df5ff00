/** The four ways to patch: JSON patch, merge patch, strategic merge patch; and server-side apply in {@code fields}. */
@NullMarked
package dev.headroom.cluster.api.patch;

import org.jspecify.annotations.NullMarked;
