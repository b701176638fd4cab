import type { SampleBackend } from './backend.ts'

const orders: Readonly<Record<string, string>> = {
  '1001': `<erp:Order no="1001"><erp:CustomerCode>C0042</erp:CustomerCode><erp:PlacedOn>2004-03-01</erp:PlacedOn>
    <erp:IsPaid>1</erp:IsPaid><erp:Total>1299.90</erp:Total><erp:Remark><![CDATA[Leave with <Ms. Berg> & ring twice]]></erp:Remark>
    <erp:Lines><erp:Line sku="007"><erp:Qty>1</erp:Qty><erp:Amount>1299.90</erp:Amount></erp:Line></erp:Lines></erp:Order>`,
  '9007199254740993': `<erp:Order no="9007199254740993"><erp:CustomerCode>C0042</erp:CustomerCode>
    <erp:IsPaid>false</erp:IsPaid><erp:Total>10.10</erp:Total>
    <erp:Lines><erp:Line sku="A-1"><erp:Qty>2</erp:Qty><erp:Amount>3.05</erp:Amount></erp:Line>
      <erp:Line sku="A-2"><erp:Qty>1</erp:Qty><erp:Amount>4.00</erp:Amount></erp:Line></erp:Lines></erp:Order>`,
  // Broken since the migration of 2009: a total that is no number.
  '1003': `<erp:Order no="1003"><erp:CustomerCode>C0099</erp:CustomerCode><erp:IsPaid>0</erp:IsPaid><erp:Total>n/a</erp:Total>
    <erp:Lines/></erp:Order>`,
}

const namespace = 'xmlns:erp="urn:example:erp:2004"'

/** An ERP system that answers in XML, with a prefix of its own choice and attributes where one expects elements. */
export const legacyOrders: SampleBackend = ({ method, url }) => {
  if (method !== 'GET') return undefined
  const order = url.pathname === '/order.cgi' ? orders[url.searchParams.get('no') ?? ''] : undefined
  if (order !== undefined) return xml(order.replace('<erp:Order', `<erp:Order ${namespace}`))
  if (url.pathname !== '/orders') return undefined
  const wanted = `<erp:CustomerCode>${url.searchParams.get('customer')}</erp:CustomerCode>`
  const found = Object.values(orders).filter((each) => each.includes(wanted))
  return xml(`<erp:Orders ${namespace}>${found.join('')}</erp:Orders>`)
}

function xml(body: string) {
  return {
    status: 200,
    headers: { 'Content-Type': 'text/xml; charset=utf-8' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`,
  }
}
