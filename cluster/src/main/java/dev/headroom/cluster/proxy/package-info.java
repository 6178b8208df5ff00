/** What kube-proxy and a cloud's load balancer are elsewhere: services listen on their addresses, and connections go to ready pods. */
@NullMarked
package dev.headroom.cluster.proxy;

import org.jspecify.annotations.NullMarked;
