import { Icon, type IconName } from '../ui/icons';
import type { ItemOf } from './itemOf';

const icons: Readonly<Record<ItemOf<'notice'>['severity'], IconName>> = { info: 'info', warn: 'alert', error: 'error' };

/** What the runtime says outside of a turn. */
export function NoticeCard({ item }: { readonly item: ItemOf<'notice'> }) {
  return (
    <div class={`notice ${item.severity}`}>
      <Icon name={icons[item.severity]} />
      <p>
        {item.text} {item.advice}
      </p>
    </div>
  );
}
