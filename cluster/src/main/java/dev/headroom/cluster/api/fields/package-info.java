/** Who owns which field: managedFields, and server-side apply on top of it. */
@NullMarked
package dev.headroom.cluster.api.fields;

import org.jspecify.annotations.NullMarked;
