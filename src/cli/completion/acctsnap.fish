# Completion of acctsnap in fish:  acctsnap completions fish > ~/.config/fish/completions/acctsnap.fish
function __acctsnap_complete
    set -l line (commandline -cp | string collect)
    set -l answer (acctsnap __complete fish "$line" 2>/dev/null)
    if test "$answer[1]" = files
        __fish_complete_path (commandline -ct)
    else if set -q answer[2]
        printf '%s\n' $answer[2..-1]
    end
end
complete -c acctsnap -f -a '(__acctsnap_complete)'
