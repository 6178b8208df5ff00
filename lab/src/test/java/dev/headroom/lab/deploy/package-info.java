/** Tests. */
@NullMarked
package dev.headroom.lab.deploy;

import org.jspecify.annotations.NullMarked;
