import { isSummaryRequest, vendorModel } from '../../support/vendorModel';

/** Talks so much that a small window is full after a few turns. */
export function longTalk(): ReturnType<typeof vendorModel> {
  return vendorModel(
    (request) => (isSummaryRequest(request) ? { text: 'They talked.' } : { text: 'word '.repeat(1_500) }),
    { windowTokens: 16_000, maxOutputTokens: 2_000 },
  );
}
