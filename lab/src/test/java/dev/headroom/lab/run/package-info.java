/** Tests. */
@NullMarked
package dev.headroom.lab.run;

import org.jspecify.annotations.NullMarked;
