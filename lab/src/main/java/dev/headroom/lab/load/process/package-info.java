/** Child processes of a load: started so that they never outlive this program, and watched from outside. */
@NullMarked
package dev.headroom.lab.load.process;

import org.jspecify.annotations.NullMarked;
