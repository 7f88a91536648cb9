import { visibleText } from '../text/visibleText';

/** A path whose file name stays readable when space is short: the folder is what gives way. */
export function PathText({ path }: { readonly path: string }) {
  const cut = path.lastIndexOf('/') + 1;
  return (
    <span class="path">
      {cut > 0 && <span class="path-folder">{visibleText(path.slice(0, cut))}</span>}
      <span class="path-name">{visibleText(path.slice(cut))}</span>
    </span>
  );
}
