/** Tests. */
@NullMarked
package dev.headroom.lab.observe;

import org.jspecify.annotations.NullMarked;
