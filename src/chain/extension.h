/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The signed extensions that davy knows. Private to chain/. */
#ifndef DAVY_CHAIN_EXTENSION_H
#define DAVY_CHAIN_EXTENSION_H

#include "chain/extrinsic.h"

/* Appends what the extension writes into the extrinsic, or what is only signed. false with the sentence: davy does not know
 * the extension and it writes something, or it has another shape than davy knows. */
bool extension_extra(const struct metadata *m, const struct signed_extension *x, const struct extrinsic_terms *t,
                     struct scale_out *o, struct err *e);
bool extension_additional(const struct metadata *m, const struct signed_extension *x, const struct extrinsic_terms *t,
                          struct scale_out *o, struct err *e);
/* Takes era, nonce and tip out of what stands in an extrinsic. */
void extension_note(const struct signed_extension *x, struct bytes raw, struct extrinsic_seen *seen);

#endif
