/** Tests of what a script is promised. */
@NullMarked
package dev.headroom.lab.load.lua;

import org.jspecify.annotations.NullMarked;
