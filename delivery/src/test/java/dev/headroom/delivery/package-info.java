/** What is delivered, tested from the very files that ship: the image, and the workflows' steps. */
@NullMarked
package dev.headroom.delivery;

import org.jspecify.annotations.NullMarked;
