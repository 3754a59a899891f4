"""Domains of services that shorten addresses, and so hide where they lead (R25), and all domains below them.

The table is made of the list `url-shortener` of the MISP project's warning lists (CC0 1.0), version 27 of 19 August
2026, less `_ONE_PLACE`; and of those that French people use and it lacks. To renew it, put that list's newest version
in its place, and write its version and day here.
"""

_MISP = """
1url.com 2h.ae 2ly.link 2no.co 2uuu.me 3c5.com 42url.com 4x.si 7x.qa 9lick.me abre.ai abrv.in adcraft.co adcrun.ch
adf.ly adflav.com aiy.ooo aka.gr amzn.id amzn.to atomicurl.com b2n.ir bc.vc bee4.biz belea.link bit.do bit.ly
bitly.com bitly.com.vn bitly.lc bitly.ws bom.so buff.ly buzurl.com bx.ms cektkp.com chatg.pt ci.ci clc.li clck.ru
clik.is clik.now cml.lol coki.me cszone.hu cur.lv cut.by cutt.ly cutt.us cuty.io d.to db.tt dft.ba dik.si dub.co
dub.sh dwz.mk e.vg encr.pw encurtador.dev etd.bz fig.page filoops.info flowto.it fun.ly fzy.co g.shrinkrl.com gg-l.xyz
ggl.link go.ly gog.li golinks.co goo.by goo.gd goo.gl goo.su han.gl hit.my hyp.ae hyperurl.co i3l.ir ic9.in id.tl
idm.in iii.im iiil.io ilang.in inlnk.co insprl.com iplogger.com iplogger.org is.gd ito.mx ity.im iurl.vip j.mp jii.li
komin.fo kortlink.dk kutt.it kutt.to kutti.co l.ead.me lc.cx link.zip.net linksshortcut.com linkto.im litby.us ln.run
lnk.co lnk.direct lnk.ink lnk.pw lnk.ua lnkd.in lnkfi.re long.af longurl.in maxiurl.com mcaf.ee me2.do merky.de
minlink.com.br mjt.lu mtr.bio mub.me my5353.com mylinks.ai myqrcode.mobi n9.cl nanourly.in neya.io nov.io o2o.to
onelink.to onx.la ouvaton.link ow.ly p6l.org picz.us po.st postly.link ppt.cc q-r.to q.gs qr-codes.io qr.ae qr.net
qrco.de qrcodedynamic.com qrcodes.pro qrkit.co rb.gy rebrand.ly relink.is reurl.cc ricardo.news s.devh.in s.ee s.gy
s.id s3r.io s59.site scanned.page scrnch.me shly.link shorten.ee shorten.is shorten.tv shorter.me shortquik.com
shorturl.ae shorturl.asia shorturl.at shrinkrl.com shrt.bonosmles.ec shrtcnl.com sht.ac sk.gy sl8.in smarturl.it
smurl.fr sn.rs snip.ly spoo.me sprl.in spti.fi srink.co su.pr surl.li t.co t.ly temporary-url.com tg.pe tiny.cc
tinyarrows.com tinyurl.com tinyurl.mobi tota2.com tr.ee tr.im trimz.me tt.vg tweez.me twitthis.com twixar.com
twixar.me tyny.to u.bb u.to url.sg urled.cc urled.pro urless.com urlr.me urlshort.dev urltin.com urlz.fr ux9.de v.gd
v.ht vtaurl.com vzturl.com webz.cc wp.me x.co x.gd xlinkz.info xshort.co xso.to xtu.me xy2.eu yirra.net ykm.de yu2.it
yu3.io zpag.es zpr.io zurl.to zws.im zzb.bz
"""
_OURS = """
0rz.tw 1pt.co 1un.fr acesse.one adfoc.us b.link bl.ink chilp.it cli.re cort.as da.gd dlvr.it encurtador.com.br fb.me
frama.link gg.gg hubs.la hubs.ly huit.re ift.tt link.infini.fr linkvertise.com lnk.to lstu.fr me-qr.com minilien.com
ouo.io page.link petitlien.fr qr1.be qrfy.com rotf.lol s.42l.fr sh.st short.gy short.io shorte.st shorturl.com
shorturl.gg shrtco.de soo.gd t2m.io t2mio.com tiny.one tny.im trib.al ur1.ca url2.fr urls.fr urlzs.com vk.cc vu.fr
zipurl.fr
"""
_ONE_PLACE = """
artist.link cal.link for.edu.sg for.sg git.new go.gov.sg maps.app.goo.gl odesli.co photos.app.goo.gl prettylinkpro.com
rebrandly.com rebrandly.info s.rlp.de song.link yourls.org youtu.be
"""

SHORTENERS = frozenset(f"{_MISP} {_OURS}".split())
"""Domains under which anybody makes a short address to anywhere."""

OF_ONE_PLACE = frozenset(_ONE_PLACE.split())
"""On that list, or below one that is, but one sees where they lead: YouTube, maps, music, an administration."""
