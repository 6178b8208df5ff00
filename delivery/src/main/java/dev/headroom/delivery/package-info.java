/** Packs a folder that is an image's root into a container image, without any container engine. */
@NullMarked
package dev.headroom.delivery;

import org.jspecify.annotations.NullMarked;
