/** Tests of the rules, their outputs and their documentation. */
@NullMarked
package dev.headroom.lab.lint;

import org.jspecify.annotations.NullMarked;
