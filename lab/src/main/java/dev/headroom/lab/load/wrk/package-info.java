/** Load by wrk itself: started with a script that hands over exact figures beside the user's own, and watched while it runs. */
@NullMarked
package dev.headroom.lab.load.wrk;

import org.jspecify.annotations.NullMarked;
