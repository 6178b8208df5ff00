/** Tests. */
@NullMarked
package dev.headroom.lab.cli;

import org.jspecify.annotations.NullMarked;
