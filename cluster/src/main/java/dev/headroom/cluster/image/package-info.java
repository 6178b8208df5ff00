/** Which command an image name stands for: on the embedded cluster there are no images, only processes. */
@NullMarked
package dev.headroom.cluster.image;

import org.jspecify.annotations.NullMarked;
