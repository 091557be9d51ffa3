// The page on which lists come in, with the register of returnees beside those of the residents.
import { text } from '#core/text.ts'
import { ListsPage, type KindOfList } from '#modules/residents/web/roster.tsx'
import { returneeList } from '../api.ts'

const more: readonly KindOfList[] = [
  {
    key: 'returnees',
    of: returneeList,
    hint: text(
      '返程（返乡）人员登记表：在册居民按证件、电话或住址认出；新来的人按住址归入该户，找不到住户的先登记为未入户。',
      'Returnees: residents are recognised by document, phone or address; newcomers join the household at their address, or are recorded without one.',
    ),
  },
]

export const ImportsPage = () => <ListsPage more={more} />
