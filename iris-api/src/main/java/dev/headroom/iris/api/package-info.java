/** The Iris API: a model server of its own, from the socket to the tree, with no dependency at run time. */
@NullMarked
package dev.headroom.iris.api;

import org.jspecify.annotations.NullMarked;
