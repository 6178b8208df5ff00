/** Tests of the lab as a whole. */
@NullMarked
package dev.headroom.lab;

import org.jspecify.annotations.NullMarked;
