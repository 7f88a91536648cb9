import { createModelPicker, type ModelPicker } from './modelPicker';
import { createRuleList, type RuleList } from './ruleList';
import { createSessionSearch, type SessionSearch } from './sessionSearch';

interface Pages {
  readonly sessionSearch: SessionSearch;
  readonly picker: ModelPicker;
  readonly rules: RuleList;
  readonly closeAll: () => void;
}

/** What comes over the conversation, one at a time: opening one closes the others. */
export function createPages(ports: Parameters<typeof createModelPicker>[0]): Pages {
  const sessionSearch = createSessionSearch(ports.post, ports.later);
  const picker = createModelPicker(ports);
  const rules = createRuleList(ports.post);
  const pages = [sessionSearch, picker, rules] as const;
  const closeBut = (kept?: (typeof pages)[number]): void => {
    for (const page of pages) if (page !== kept) page.close();
  };
  return {
    sessionSearch: {
      ...sessionSearch,
      open() {
        closeBut(sessionSearch);
        sessionSearch.open();
      },
    },
    picker: {
      ...picker,
      open(vendor) {
        closeBut(picker);
        picker.open(vendor);
      },
    },
    rules: {
      ...rules,
      open() {
        closeBut(rules);
        rules.open();
      },
    },
    closeAll: () => closeBut(),
  };
}
