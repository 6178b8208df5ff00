/** The controllers: each watches some kinds and brings others to where they should be, through {@code objects} alone. */
@NullMarked
package dev.headroom.cluster.controller;

import org.jspecify.annotations.NullMarked;
