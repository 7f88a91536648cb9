/** How many lines come and go; the signs say it without colour. */
export function ChangeCounts({ additions, deletions }: { readonly additions: number; readonly deletions: number }) {
  return (
    <span class="counts">
      <span class="count-added" aria-label={`${additions} lines added`} role="img">
        +{additions}
      </span>
      <span class="count-removed" aria-label={`${deletions} lines removed`} role="img">
        −{deletions}
      </span>
    </span>
  );
}
