import { createModelPicker, type ModelPicker } from './modelPicker';
import { createSessionSearch, type SessionSearch } from './sessionSearch';

interface Pages {
  readonly sessionSearch: SessionSearch;
  readonly picker: ModelPicker;
}

/** What comes over the conversation, one at a time: opening one closes the other. */
export function createPages(ports: Parameters<typeof createModelPicker>[0]): Pages {
  const sessionSearch = createSessionSearch(ports.post, ports.later);
  const picker = createModelPicker(ports);
  return {
    sessionSearch: {
      ...sessionSearch,
      open() {
        picker.close();
        sessionSearch.open();
      },
    },
    picker: {
      ...picker,
      open(vendor) {
        sessionSearch.close();
        picker.open(vendor);
      },
    },
  };
}
