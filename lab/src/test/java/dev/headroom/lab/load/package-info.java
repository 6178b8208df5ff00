/** Tests of the load: what a generator says against what a server of the test's own counted. */
@NullMarked
package dev.headroom.lab.load;

import org.jspecify.annotations.NullMarked;
