/** A load that is sent from inside the cluster: pods of Headroom's image that run the built-in generator, told when to begin and read by the lab through the Kubernetes API. */
@NullMarked
package dev.headroom.lab.load.cluster;

import org.jspecify.annotations.NullMarked;
